{#- `values` is {column: [what may stand there]}; a blank is allowed where the contract of the model allows it. -#}
{% test allowed_values(model, values) %}
{% for column, allowed in values.items() %}
select '{{ column }}' as column_name, {{ column }} as value_found, count(*) as rows_found
from {{ model }}
where {{ column }} not in ('{{ allowed | join("', '") }}')
group by {{ column }}
{{ 'union all' if not loop.last }}
{% endfor %}
{% endtest %}
