-- The year before is restated in the codes of this year: what moved or merged stands at its new code. A code that was split stands as it
-- was before, with the sum of its parts. A code that a statement does not print is 0 where all of the statement was read, else null.
with statements_found as (
    select
        department_key, fiscal_year, statement,
        arg_min(status, list_position(['present', 'unread', 'declared_empty'], status)) as status,
        bool_and(coalesce(unread_places, 0) = 0) as is_all_read
    from {{ ref('statement_status') }}
    where is_in_facts
    group by department_key, fiscal_year, statement
),

department_years as (
    select distinct department_key, fiscal_year from statements_found
),

compared as (
    select
        this.department_key,
        this.fiscal_year,
        rule.statement,
        rule.tree,
        coalesce(found.status, 'missing') as status,
        coalesce(found.is_all_read, false) as is_all_read,
        coalesce(found_before.is_all_read, false) as was_all_read,
        coalesce(found_before.status, case when before.department_key is null then 'not_loaded' else 'missing' end) as previous_status
    from department_years as this
    cross join {{ ref('statements') }} as rule
    left join department_years as before on before.department_key = this.department_key and before.fiscal_year = this.fiscal_year - 1
    left join statements_found as found
        on found.department_key = this.department_key and found.fiscal_year = this.fiscal_year and found.statement = rule.statement
    left join statements_found as found_before
        on found_before.department_key = this.department_key and found_before.fiscal_year = this.fiscal_year - 1
        and found_before.statement = rule.statement
    where rule.in_budget_fact
),

finest as (
    select department_key, fiscal_year, statement, tree, code, amount_yuan
    from {{ ref('int_code_amount') }}
    where level = case tree when 'function' then 3 else 2 end
),

crosswalk as (
    select tree, cast(to_edition as integer) as to_edition, change, from_code, to_code, from_name from {{ ref('code_crosswalk') }}
),

moves as (
    select tree, to_edition, from_code, min(to_code) as to_code from crosswalk where change in ('moved', 'merged') group by all
),

-- a split compares only where its parts are new codes: else nobody knows what they held before
splits as (
    select split.tree, split.to_edition, split.from_code, split.to_code
    from crosswalk as split
    where
        split.change = 'split'
        and not exists (
            select 1
            from crosswalk as part
            where
                part.change = 'split' and part.tree = split.tree and part.to_edition = split.to_edition
                and part.from_code = split.from_code
                and (part.tree, part.to_edition, part.to_code) in (
                    select ('function', cast(edition as integer) + 1, code) from {{ ref('dim_function_code') }} where edition is not null
                    union all
                    select ('economic', cast(edition as integer) + 1, code) from {{ ref('dim_economic_code') }} where edition is not null
                )
        )
),

this_year as (
    select finest.*, min(splits.from_code) as split_code
    from finest
    left join splits
        on splits.tree = finest.tree and splits.to_edition = finest.fiscal_year
        and splits.to_code in (finest.code, left(finest.code, 5))
    group by all
),

year_before as (
    select
        finest.department_key, finest.fiscal_year + 1 as fiscal_year, finest.statement, finest.tree,
        coalesce(code_move.to_code, group_move.to_code, split_group.from_code, finest.code) as code,
        finest.amount_yuan
    from finest
    left join moves as code_move
        on code_move.tree = finest.tree and code_move.to_edition = finest.fiscal_year + 1 and code_move.from_code = finest.code
    left join moves as group_move
        on group_move.tree = finest.tree and group_move.to_edition = finest.fiscal_year + 1
        and group_move.from_code = left(finest.code, 5)
    left join (select distinct tree, to_edition, from_code from splits) as split_group
        on split_group.tree = finest.tree and split_group.to_edition = finest.fiscal_year + 1
        and split_group.from_code = left(finest.code, 5)
),

levels as (
    select tree, level from (values ('function', 1), ('function', 2), ('function', 3), ('economic', 1), ('economic', 2)) as l (tree, level)
),

this_by_level as (
    select
        department_key, fiscal_year, statement, tree, level,
        case
            when length(split_code) <= 2 * level + 1 then split_code
            when code similar to '[0-9]+' then left(code, 2 * level + 1)
            else code
        end as code,
        sum(amount_yuan) as amount_yuan
    from this_year inner join levels using (tree)
    group by all
),

before_by_level as (
    select
        department_key, fiscal_year, statement, tree, level,
        case when code similar to '[0-9]+' then left(code, 2 * level + 1) else code end as code,
        sum(amount_yuan) as amount_yuan
    from year_before inner join levels using (tree)
    group by all
),

both_years as (
    select
        department_key, fiscal_year, statement, tree, level, code,
        this_by_level.amount_yuan, before_by_level.amount_yuan as previous_yuan
    from this_by_level
    full join before_by_level using (department_key, fiscal_year, statement, tree, level, code)
),

names as (
    select 'function' as tree, cast(edition as integer) as fiscal_year, code, name
    from {{ ref('dim_function_code') }} where edition is not null
    union all
    select 'economic', cast(edition as integer), code, name from {{ ref('dim_economic_code') }} where edition is not null
),

changes as (
    select
        tree, to_edition as fiscal_year, code,
        -- the change that says most of it
        arg_min(change, list_position(['split', 'merged', 'moved', 'renamed', 'ended', 'added'], change)) as change,
        string_agg(distinct from_code, ' ' order by from_code) filter (where from_code <> code) as previous_codes
    from (
        select tree, to_edition, change, from_code, case change when 'split' then from_code else coalesce(to_code, from_code) end as code
        from crosswalk
    )
    group by all
),

valued as (
    select
        compared.*,
        both_years.level,
        both_years.code,
        case when compared.is_all_read then coalesce(both_years.amount_yuan, 0) else both_years.amount_yuan end as amount_yuan,
        case when compared.was_all_read then coalesce(both_years.previous_yuan, 0) else both_years.previous_yuan end as previous_yuan
    from compared
    inner join both_years using (department_key, fiscal_year, statement, tree)
)

select
    concat_ws('-', valued.department_key, valued.fiscal_year, valued.statement, valued.level, valued.code) as comparison_id,
    valued.department_key,
    valued.fiscal_year,
    valued.statement,
    valued.tree,
    cast(valued.level as integer) as level,
    valued.code,
    coalesce(name.name, name_before.name, special.name) as name,
    cast(valued.amount_yuan as decimal(20, 2)) as amount_yuan,
    cast(valued.previous_yuan as decimal(20, 2)) as previous_yuan,
    cast(valued.amount_yuan - valued.previous_yuan as decimal(20, 2)) as change_yuan,
    {{ percent('(valued.amount_yuan - valued.previous_yuan)', 'valued.previous_yuan') }} as change_percent,
    coalesce(changes.change, 'same') as code_change,
    changes.previous_codes,
    case when name_before.name <> name.name then name_before.name end as previous_name,
    valued.status,
    valued.previous_status
from valued
left join names as name on name.tree = valued.tree and name.fiscal_year = valued.fiscal_year and name.code = valued.code
left join names as name_before
    on name_before.tree = valued.tree and name_before.fiscal_year = valued.fiscal_year - 1 and name_before.code = valued.code
left join {{ special_members() }} on special.member = valued.code
left join changes on changes.tree = valued.tree and changes.fiscal_year = valued.fiscal_year and changes.code = valued.code
order by comparison_id
