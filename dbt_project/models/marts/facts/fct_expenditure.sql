{{ config(materialized='view') }}

{{ facts_of(['expenditure']) }}
