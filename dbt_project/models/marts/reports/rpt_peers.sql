-- A department beside the same office of other regions, code by code. An office that has the statement but not the code counts with 0,
-- if all of its statement was read.
with offices as (
    select
        status.statement, status.fiscal_year, department.department_type, status.department_key, department.region_name, department.admin_level,
        bool_and(coalesce(status.unread_places, 0) = 0) as is_all_read
    from {{ ref('statement_status') }} as status
    inner join {{ ref('dim_department') }} as department on department.department_key = status.department_key
    where status.is_in_facts and department.department_type is not null
    group by all
),

codes as (
    select distinct office.statement, office.fiscal_year, office.department_type, amount.level, amount.code, amount.tree
    from offices as office
    inner join {{ ref('int_code_amount') }} as amount
        on amount.department_key = office.department_key and amount.fiscal_year = office.fiscal_year
        and amount.statement = office.statement
),

totals as (
    select department_key, fiscal_year, statement, sum(amount_yuan) as total_yuan
    from {{ ref('int_code_amount') }}
    where level = 1
    group by all
),

valued as (
    select
        office.*,
        code.tree,
        code.level,
        code.code,
        coalesce(amount.amount_yuan, 0) as amount_yuan,
        {{ percent('coalesce(amount.amount_yuan, 0)', 'total.total_yuan') }} as share_percent
    from offices as office
    inner join codes as code using (statement, fiscal_year, department_type)
    left join {{ ref('int_code_amount') }} as amount
        on amount.department_key = office.department_key and amount.fiscal_year = office.fiscal_year
        and amount.statement = office.statement and amount.level = code.level and amount.code = code.code
    left join totals as total
        on total.department_key = office.department_key and total.fiscal_year = office.fiscal_year and total.statement = office.statement
    where office.is_all_read or amount.amount_yuan is not null
),

ranked as (
    select
        *,
        count(*) over peers as offices,
        median(amount_yuan) over peers as median_yuan,
        rank() over (peers order by amount_yuan desc) as amount_rank,
        median(share_percent) over peers as median_share_percent,
        rank() over (peers order by share_percent desc nulls last) as share_rank,
        count(*) over peers_of_level as level_offices,
        median(amount_yuan) over peers_of_level as level_median_yuan,
        rank() over (peers_of_level order by amount_yuan desc) as level_rank
    from valued
    window
        peers as (partition by statement, fiscal_year, department_type, level, code),
        peers_of_level as (partition by statement, fiscal_year, department_type, level, code, admin_level)
)

select
    concat_ws('-', ranked.department_key, ranked.fiscal_year, ranked.statement, ranked.level, ranked.code) as row_id,
    ranked.department_key,
    ranked.fiscal_year,
    ranked.department_type,
    ranked.region_name,
    ranked.admin_level,
    ranked.statement,
    ranked.tree,
    cast(ranked.level as integer) as level,
    ranked.code,
    coalesce(function_code.name, economic_code.name, special.name) as name,
    cast(ranked.amount_yuan as decimal(20, 2)) as amount_yuan,
    ranked.share_percent,
    cast(ranked.offices as integer) as offices,
    cast(ranked.median_yuan as decimal(20, 2)) as median_yuan,
    cast(ranked.amount_rank as integer) as amount_rank,
    cast(ranked.median_share_percent as decimal(18, 2)) as median_share_percent,
    cast(ranked.share_rank as integer) as share_rank,
    cast(ranked.level_offices as integer) as level_offices,
    cast(ranked.level_median_yuan as decimal(20, 2)) as level_median_yuan,
    cast(ranked.level_rank as integer) as level_rank
from ranked
left join {{ ref('dim_function_code') }} as function_code
    on ranked.tree = 'function' and function_code.edition = cast(ranked.fiscal_year as varchar) and function_code.code = ranked.code
left join {{ ref('dim_economic_code') }} as economic_code
    on ranked.tree = 'economic' and economic_code.edition = cast(ranked.fiscal_year as varchar) and economic_code.code = ranked.code
left join {{ special_members() }} on special.member = ranked.code
where ranked.offices > 1
order by row_id
