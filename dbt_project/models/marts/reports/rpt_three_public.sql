-- Each item with everything below it. `published_yuan` is what the statement prints for the item itself: null where that is blank.
-- 机关运行经费 stands in few statements: where it does not, the prose says what it is.
with prose as ({{ agency_operating_in_prose() }}),

statements_found as (
    select
        department_key, fiscal_year,
        arg_min(status, list_position(['present', 'unread', 'declared_empty'], status)) as status,
        bool_and(coalesce(unread_places, 0) = 0) as is_all_read
    from {{ ref('statement_status') }}
    where is_in_facts and statement = 'three_public'
    group by department_key, fiscal_year
),

items as (
    select found.*, item.item, item.item_name, item.is_memo
    from statements_found as found
    cross join {{ ref('three_public_items') }} as item
    union all
    select prose.department_key, prose.fiscal_year, 'missing', true, item.item, item.item_name, item.is_memo
    from prose
    inner join {{ ref('three_public_items') }} as item on item.item = 'agency_operating'
    anti join statements_found using (department_key, fiscal_year)
),

amounts as (
    select fact.department_key, fact.fiscal_year, above.item, sum(coalesce(fact.amount_yuan, fact.memo_yuan)) as amount_yuan
    from {{ ref('fct_three_public') }} as fact
    inner join (
        select item, unnest(list_append(string_split(coalesce(contained_in, ''), ' '), item)) as above_item
        from {{ ref('three_public_items') }}
    ) as step on step.item = fact.item
    inner join {{ ref('three_public_items') }} as above on above.item = step.above_item
    group by all
),

printed as (
    select figure.department_key, figure.fiscal_year, figure.item, sum(figure.amount_yuan) as published_yuan
    from {{ ref('published_figure') }} as figure
    inner join {{ ref('statement_status') }} as statement
        on statement.document_key = figure.document_key and statement.part = figure.part
        and statement.statement = figure.statement and statement.is_in_facts
    where figure.statement = 'three_public' and figure.measure = 'total'
    group by all
),

valued as (
    select
        items.department_key,
        items.fiscal_year,
        items.item,
        items.item_name,
        items.is_memo,
        items.status,
        -- one of the three that is not printed is 0; a memo item may be no part of the publisher's form
        coalesce(amounts.amount_yuan, prose.amount_yuan, case when not items.is_memo and items.is_all_read then 0 end) as amount_yuan,
        case
            when amounts.amount_yuan is null and prose.amount_yuan is not null then 'prose'
            when amounts.amount_yuan is not null or (not items.is_memo and items.is_all_read) then 'statement'
        end as amount_source,
        printed.published_yuan
    from items
    left join amounts using (department_key, fiscal_year, item)
    left join printed using (department_key, fiscal_year, item)
    left join prose
        on items.item = 'agency_operating'
        and prose.department_key = items.department_key and prose.fiscal_year = items.fiscal_year
)

select
    concat_ws('-', this.department_key, this.fiscal_year, this.item) as row_id,
    this.department_key,
    this.fiscal_year,
    this.item,
    this.item_name,
    this.is_memo,
    cast(this.amount_yuan as decimal(20, 2)) as amount_yuan,
    this.amount_source,
    cast(this.published_yuan as decimal(20, 2)) as published_yuan,
    cast(before.amount_yuan as decimal(20, 2)) as previous_yuan,
    cast(this.amount_yuan - before.amount_yuan as decimal(20, 2)) as change_yuan,
    {{ percent('(this.amount_yuan - before.amount_yuan)', 'before.amount_yuan') }} as change_percent,
    this.status
from valued as this
left join valued as before
    on before.department_key = this.department_key and before.fiscal_year = this.fiscal_year - 1 and before.item = this.item
order by row_id
