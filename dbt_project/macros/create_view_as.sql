{#-
  A view keeps its text, and dbt writes "budget"."marts"."…" into it. The published file can be renamed or attached under any
  alias, so the database is left out: DuckDB then looks in the file that holds the view.
-#}
{% macro duckdb__create_view_as(relation, sql) -%}
  {%- if config.get('contract').enforced %}
    {{ get_assert_columns_equivalent(sql) }}
  {%- endif %}
  create view {{ relation }} as (
    {{ sql | replace(adapter.quote(relation.database) ~ '.', '') }}
  );
{%- endmacro %}
