{{ config(materialized='view') }}

{{ facts_of(['basic_expenditure']) }}
