{#- Every row finds its member in every dimension, so that an inner join loses nothing: `keys` is {column: dimension}. -#}
{% test joins_to(model, keys) %}
{% for column, dimension in keys.items() %}
select '{{ column }}' as key_column, cast({{ column }} as varchar) as key_value, count(*) as rows_lost
from {{ model }} as fact
where not exists (select 1 from {{ dimension }} as dimension where dimension.{{ column }} = fact.{{ column }})
group by fact.{{ column }}
{{ 'union all' if not loop.last }}
{% endfor %}
{% endtest %}
