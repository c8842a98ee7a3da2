-- Contracts compare the kind of a type but not its precision: every amount is DECIMAL(20,2), nowhere a floating point number.
-- depends_on: {{ ref('footing_gap') }} {{ ref('fct_three_public') }} {{ ref('fct_balance') }} {{ ref('fct_revenue') }}
-- depends_on: {{ ref('fct_expenditure') }} {{ ref('fct_appropriation') }} {{ ref('fct_basic_expenditure') }}
-- depends_on: {{ ref('int_cell') }}
select schema_name, table_name, column_name, data_type
from duckdb_columns()
where
    schema_name in ('staging', 'marts', 'quality')
    and (
        (column_name like '%\_yuan' escape '\' and data_type <> 'DECIMAL(20,2)')
        or (data_type in ('FLOAT', 'DOUBLE'))
    )
