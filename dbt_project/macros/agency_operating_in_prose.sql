{#- 机关运行经费 as the section of that name states it: one amount of each document, none where it states two. -#}
{% macro agency_operating_in_prose() -%}
select department_key, fiscal_year, sum(amount_yuan) as amount_yuan
from (
    select document_key, department_key, fiscal_year, any_value(amount_yuan) as amount_yuan
    from {{ ref('fct_claim') }}
    where subject = 'agency_operating' and section = 'agency_operating' and measure in ('amount', 'planned')
    group by document_key, department_key, fiscal_year
    having count(distinct amount_yuan) = 1
)
group by department_key, fiscal_year
{%- endmacro %}
