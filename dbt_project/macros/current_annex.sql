{#- The rows of an annex as the extraction wrote them (`a`), with the body that they speak for: current documents in default scope only. -#}
{% macro current_annex(table, statement) -%}
from {{ source('extracted', table) }} as a
inner join {{ ref('statement_status') }} as annex
    on annex.document_key = a.document_key and annex.part = a.part and annex.statement = '{{ statement }}' and annex.is_in_facts
{%- endmacro %}
