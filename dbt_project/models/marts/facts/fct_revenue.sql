{{ config(materialized='view') }}

{{ facts_of(['revenue']) }}
