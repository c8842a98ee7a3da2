-- Every figure belongs to a document and a statement that was read, and its measure and item are ones the project knows.
select figure.figure_id, figure.statement, figure.item, figure.measure, status.status
from {{ ref('stg_figure') }} as figure
left join {{ ref('statements') }} as statement on statement.statement = figure.statement
left join {{ ref('measures') }} as measure on measure.statement = figure.statement and measure.measure = figure.measure
left join {{ ref('three_public_items') }} as item on item.item = figure.item
left join {{ ref('statement_status') }} as status
    on status.document_key = figure.document_key and status.part = figure.part and status.statement = figure.statement
where
    status.document_key is null
    or (statement.statement is not null and status.status = 'missing')
    or (statement.statement is not null and measure.measure is null)
    or (statement.tree = 'item' and item.item is null and not starts_with(figure.item, 'unrecognised_')
        and not starts_with(figure.item, 'outside_'))
union all
select figure_id, statement, item, measure, 'lost from marts.published_figure'
from {{ ref('stg_figure') }}
where figure_id not in (select figure_id from {{ ref('published_figure') }})
