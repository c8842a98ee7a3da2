-- What changed from one edition to the next. A change of name, an end and a beginning follow from the editions; where the content of a
-- code went is known only from pipeline/reference/code_links.csv, and for the 项 of a 款 that moved from their names.
with codes as (
    select 'function' as tree, cast(edition as integer) as edition, code, name, level, parent_code, name_source
    from {{ ref('dim_function_code') }} where edition is not null
    union all
    select 'economic', cast(edition as integer), code, name, level, parent_code, name_source
    from {{ ref('dim_economic_code') }} where edition is not null
),

steps as (
    select edition, lag(edition) over (order by edition) as from_edition from codes group by edition
),

both_sides as (
    select
        coalesce(old.tree, new.tree) as tree,
        coalesce(old.edition, new.from_edition) as from_edition,
        coalesce(old.to_edition, new.edition) as to_edition,
        coalesce(old.code, new.code) as code,
        old.name as from_name,
        new.name as to_name,
        old.name_source as from_source,
        new.name_source as to_source
    from (
        select codes.*, steps.edition as to_edition from codes inner join steps on steps.from_edition = codes.edition
    ) as old
    full join (
        select codes.*, steps.from_edition from codes inner join steps using (edition) where steps.from_edition is not null
    ) as new
        on new.tree = old.tree and new.from_edition = old.edition and new.code = old.code
),

changed as (
    select * from both_sides where from_name is distinct from to_name
),

-- a link holds between the editions in which its codes end and begin
links as (
    select
        link.tree, steps.from_edition, steps.edition as to_edition, link.from_code, link.to_code, link.change, link.note,
        'reference' as basis
    from {{ ref('code_links') }} as link
    inner join steps
        on steps.edition = cast(link.to_edition as integer)
        or (steps.edition > cast(link.to_edition as integer) and steps.from_edition < cast(link.to_edition as integer))
),

-- the same 项 below the new 款
links_by_name as (
    select
        link.tree, link.from_edition, link.to_edition, old.code as from_code, new.code as to_code, link.change, link.note, 'name' as basis
    from links as link
    inner join codes as old
        on old.tree = link.tree and old.edition = link.from_edition and old.parent_code = link.from_code and length(link.from_code) = 5
    inner join codes as new
        on new.tree = link.tree and new.edition = link.to_edition and new.parent_code = link.to_code and new.name = old.name
        -- names that every 款 has do not tell where the content went
        and new.name not in ('行政运行', '一般行政管理事务', '机关服务', '事业运行')
    where link.change <> 'split'
),

all_links as (
    select * from links
    union all
    select * from links_by_name
    where (tree, to_edition, from_code) not in (select (tree, to_edition, from_code) from links)
),

rows_found as (
    select
        link.tree, link.from_edition, link.to_edition, link.change, link.from_code, link.to_code, old.name as from_name, new.name as to_name,
        link.basis, link.note
    from all_links as link
    inner join codes as old on old.tree = link.tree and old.edition = link.from_edition and old.code = link.from_code
    inner join codes as new on new.tree = link.tree and new.edition = link.to_edition and new.code = link.to_code
    union all
    select
        tree, from_edition, to_edition,
        case when from_name is null then 'added' when to_name is null then 'ended' else 'renamed' end,
        case when from_name is not null then code end,
        case when to_name is not null then code end,
        from_name,
        to_name,
        case
            when 'official' in (from_source, to_source) then 'official'
            when 'published' in (from_source, to_source) then 'published'
            else 'reference'
        end,
        null
    from changed
    where
        (from_name is not null and to_name is not null)
        or (to_name is null and (tree, to_edition, code) not in (select (tree, to_edition, from_code) from all_links))
        or (from_name is null and (tree, to_edition, code) not in (select (tree, to_edition, to_code) from all_links))
)

select
    concat_ws('-', tree, to_edition, change, coalesce(from_code, ''), coalesce(to_code, '')) as crosswalk_id,
    tree,
    cast(from_edition as varchar) as from_edition,
    cast(to_edition as varchar) as to_edition,
    change,
    from_code,
    to_code,
    from_name,
    to_name,
    basis,
    note
from rows_found
order by crosswalk_id
