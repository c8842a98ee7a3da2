{#-
  The adapter's macro asks for the columns first and calls a macro for each: half a second over the project. Here a described
  column that does not exist is an error, which is right.
-#}
{% macro duckdb__alter_column_comment(relation, column_dict) -%}
  {% for column in column_dict.values() %}
    comment on column {{ relation }}.{{ column.name }} is $description${{ column.description }}$description$;
  {%- endfor %}
{%- endmacro %}
