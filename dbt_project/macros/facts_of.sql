{#- The rows of the fact table that come from the statements given: each such view is additive on its own. -#}
{% macro facts_of(statements) -%}
select
    figure_id, document_key, department_key, fiscal_year, statement, flow, function_code_key, economic_code_key,
    fund_source_key, amount_type, amount_yuan, proof_status
from {{ ref('fct_budget_amount') }}
where statement in ('{{ statements | join("', '") }}')
{%- endmacro %}
