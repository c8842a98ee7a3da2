-- A change against last year's budget implies last year's figure: amount − change. Where last year's document of the department
-- is loaded, the figure that stands there is compared. What was executed (执行数) is no budget and is not compared.
with changes as (
    select change.*, amount.amount_yuan as stated_yuan, amount.compared_figure_id as own_figure_id
    from {{ ref('fct_claim') }} as change
    inner join {{ source('extracted', 'claim') }} as change_row
        on change_row.document_key = change.document_key and change_row.claim_number = change.claim_number
    inner join {{ source('extracted', 'claim') }} as amount
        on amount.document_key = change_row.document_key and amount.row_order = change_row.row_order
        and amount.measure = 'amount'
    where change.measure = 'change' and change.amount_yuan is not null
        and coalesce(change.compared_basis, 'budget') = 'budget'
),

linked as (
    select
        change.document_key,
        change.claim_key,
        change.department_key,
        change.fiscal_year,
        change.subject,
        change.compared_year,
        change.stated_yuan,
        change.amount_yuan as change_yuan,
        cast(change.stated_yuan - change.amount_yuan as decimal(20, 2)) as implied_yuan,
        earlier.figure_id as earlier_figure_id,
        earlier.amount_yuan as earlier_yuan
    from changes as change
    inner join {{ ref('published_figure') }} as own on own.figure_id = change.own_figure_id
    left join {{ ref('published_figure') }} as earlier
        on earlier.department_key = change.department_key and earlier.fiscal_year = change.compared_year
        and earlier.fiscal_year < change.fiscal_year  -- some compare a year with itself: that is an erratum
        and earlier.scope = own.scope and earlier.statement = own.statement and earlier.item = own.item
        and earlier.measure = own.measure
        and (earlier.document_key, earlier.part, earlier.statement) in (
            select (document_key, part, statement) from {{ ref('statement_status') }} where is_current
        )
)

select
    *,
    cast(implied_yuan - earlier_yuan as decimal(20, 2)) as difference_yuan,
    case
        when earlier_figure_id is null then 'not_loaded'
        when implied_yuan = earlier_yuan then 'exact'
        when abs(implied_yuan - earlier_yuan) <= 100 then 'within_rounding'  -- two amounts in 万元, two places each
        else 'broken'
    end as status
from linked
order by document_key, claim_key, earlier_figure_id
