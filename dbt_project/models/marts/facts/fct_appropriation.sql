{{ config(materialized='view') }}

{{ facts_of(['general_public_expenditure', 'government_fund_expenditure', 'state_capital_expenditure']) }}
