-- Of every statement that prints a total: total = finest figures + the footing gaps on the way from the total down to them.
with totals as (
    select
        figure.document_key, figure.part, figure.statement,
        arg_min(figure.amount_yuan, figure.row_order) as total_yuan
    from {{ ref('published_figure') }} as figure
    inner join {{ ref('statements') }} as statement on statement.statement = figure.statement and statement.tree is not null
    where figure.item = 'total' and figure.measure = 'total'
    group by figure.document_key, figure.part, figure.statement
),

finest as (
    select cell.document_key, cell.part, cell.statement, sum(cell.amount_yuan) as finest_yuan
    from {{ ref('int_cell') }} as cell
    inner join {{ ref('int_row') }} as printed_row using (row_key)
    -- agency_operating is a memo: it stands under no total
    where cell.is_finest and (printed_row.item = 'total' or printed_row.ancestors <> [])
    group by cell.document_key, cell.part, cell.statement
),

gaps as (
    select document_key, part, statement, sum(gap_yuan) as gap_yuan
    from {{ ref('footing_gap') }}
    where is_on_finest_path and item <> 'agency_operating'
    group by document_key, part, statement
)

select document_key, part, statement, totals.total_yuan, finest.finest_yuan, gaps.gap_yuan
from totals
left join finest using (document_key, part, statement)
left join gaps using (document_key, part, statement)
where totals.total_yuan is distinct from coalesce(finest.finest_yuan, 0) + coalesce(gaps.gap_yuan, 0)
