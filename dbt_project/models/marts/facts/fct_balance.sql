-- What T1 and T4 say is carried over from the year before and into the next. The two repeat each other: choose one statement.
with balances as (
    select
        figure.*,
        case when figure.item = 'carryover_out' then 'carried_out' else 'carried_in' end as direction,
        case
            when starts_with(figure.item, 'carryover_in_') then substr(figure.item, length('carryover_in_') + 1)
            else coalesce(measure.fund_source_key, 'not_broken_down')
        end as fund_source_key
    from {{ ref('published_figure') }} as figure
    inner join {{ ref('statement_status') }} as statement
        on statement.document_key = figure.document_key
        and statement.part = figure.part
        and statement.statement = figure.statement
        and statement.is_in_facts
    inner join {{ ref('measures') }} as measure
        on measure.statement = figure.statement and measure.measure = figure.measure
    where
        figure.statement in ('budget_summary', 'appropriation_summary')
        and (figure.item in ('carryover_in', 'carryover_out') or starts_with(figure.item, 'carryover_in_'))
        -- T1 may split the carry-over by the use it will be put to: that is no balance of its own
        and (figure.statement = 'appropriation_summary' or measure.contained_in is null)
),

split as (
    select distinct document_key, part, statement, direction from balances where fund_source_key <> 'not_broken_down'
)

select
    balance.figure_id,
    balance.document_key,
    balance.department_key,
    balance.fiscal_year,
    balance.statement,
    balance.direction,
    balance.fund_source_key,
    balance.amount_yuan,
    balance.proof_status
from balances as balance
left join split using (document_key, part, statement, direction)
where balance.fund_source_key <> 'not_broken_down' or split.document_key is null
order by balance.document_key, balance.part, balance.statement, balance.direction, balance.fund_source_key, balance.row_order
