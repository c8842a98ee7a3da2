{#- A label made comparable, as pipeline/forms/printed.py does it: narrow brackets, digits and marks, no white space, no quotes. -#}
{% macro squashed(label) -%}
regexp_replace(translate({{ label }}, '（），：；．％－０１２３４５６７８９', '(),:;.%-0123456789'), '[\s　“”"''‘’「」]+', '', 'g')
{%- endmacro %}
