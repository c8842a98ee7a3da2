-- A memo item is none of the three: its amount stands in a column of its own, so that amount_yuan adds up to the three.
select
    figure.figure_id,
    figure.document_key,
    figure.department_key,
    figure.fiscal_year,
    figure.statement,
    figure.item,
    coalesce(item.item_name, figure.row_label) as item_name,
    coalesce(item.is_memo, true) as is_memo,  -- a line that no form knows belongs to none of the three
    measure.fund_source_key,
    case when figure.measure = 'total' then 'unsplit' else figure.measure end as amount_type,
    case when not coalesce(item.is_memo, true) then figure.amount_yuan end as amount_yuan,
    case when coalesce(item.is_memo, true) then figure.amount_yuan end as memo_yuan,
    figure.proof_status
from {{ ref('published_figure') }} as figure
inner join {{ ref('int_cell') }} as cell on cell.figure_id = figure.figure_id and cell.is_finest
inner join {{ ref('statement_status') }} as statement
    on statement.document_key = figure.document_key
    and statement.part = figure.part
    and statement.statement = figure.statement
    and statement.is_in_facts
left join {{ ref('three_public_items') }} as item on item.item = figure.item
inner join {{ ref('measures') }} as measure on measure.statement = figure.statement and measure.measure = figure.measure
where figure.statement = 'three_public'
order by figure.document_key, figure.part, figure.row_order, figure.item, figure.measure
