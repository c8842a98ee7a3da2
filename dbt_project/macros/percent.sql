{#- A part in hundredths of the whole, exact to two places; null where there is no whole, or one so small that it says nothing. -#}
{% macro percent(part, whole) -%}
try_cast(round(cast({{ part }} as decimal(28, 6)) * 100 / nullif({{ whole }}, 0), 2) as decimal(18, 2))
{%- endmacro %}
