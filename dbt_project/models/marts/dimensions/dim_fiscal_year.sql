with years as (
    select fiscal_year from {{ ref('int_body') }} where fiscal_year is not null
    union
    select fiscal_year from {{ ref('stg_figure') }} where fiscal_year is not null
)

select
    cast(fiscal_year as varchar) as fiscal_year_key,
    fiscal_year,
    fiscal_year || '年' as fiscal_year_name,
    make_date(fiscal_year, 1, 1) as starts_on,
    make_date(fiscal_year, 12, 31) as ends_on
from years
union all
select member, null, name, null, null
from {{ special_members() }}
order by fiscal_year_key
