with children as (
    select row_parent_id as parent_id, 'rows' as axis, amount_yuan from {{ ref('int_cell') }} where row_parent_id is not null
    union all
    -- a finest row that leaves its total blank counts with the sum of its parts
    select total_parent_id, 'rows', amount_yuan from {{ ref('int_cell') }} where total_parent_id is not null
    union all
    select measure_parent_id, 'measures', amount_yuan from {{ ref('int_cell') }} where measure_parent_id is not null
),

sums as (
    select parent_id, axis, cast(sum(amount_yuan) as decimal(20, 2)) as children_yuan, cast(count(*) as integer) as children_count
    from children
    group by parent_id, axis
)

select
    figure.figure_id || '-' || sums.axis as gap_id,
    figure.document_key,
    figure.department_key,
    figure.fiscal_year,
    figure.part,
    figure.statement,
    sums.axis,
    figure.figure_id,
    figure.row_label,
    figure.item,
    figure.measure,
    figure.amount_yuan as parent_yuan,
    sums.children_yuan,
    cast(figure.amount_yuan - sums.children_yuan as decimal(20, 2)) as gap_yuan,
    sums.children_count,
    (sums.axis = 'rows' and figure.measure = 'total') or (sums.axis = 'measures' and parent.is_leaf) as is_on_finest_path
from sums
inner join {{ ref('int_cell') }} as parent on parent.figure_id = sums.parent_id
inner join {{ ref('published_figure') }} as figure on figure.figure_id = sums.parent_id
where figure.amount_yuan <> sums.children_yuan
order by figure.document_key, figure.part, figure.statement, figure.row_order, figure.item, figure.measure, sums.axis
