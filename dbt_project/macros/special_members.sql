{#- The members that every dimension has, so that every join is an inner join. -#}
{% macro special_members() -%}
  (values
    ('not_applicable', '不适用'),
    ('not_broken_down', '未细分'),
    ('unknown', '未知')
  ) as special (member, name)
{%- endmacro %}
