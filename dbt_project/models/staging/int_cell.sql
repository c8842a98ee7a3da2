-- The figures of those rows as a lattice: what contains each figure within its row, and what contains it in its column.
with cells as (
    select
        figure.figure_id,
        placed.row_key,
        figure.document_key,
        figure.part,
        figure.statement,
        figure.measure,
        figure.amount_yuan,
        placed.ancestors,
        placed.is_leaf,
        placed.is_repeated,
        string_split(coalesce(measure.contained_in, ''), ' ') as contained_in
    from {{ ref('stg_figure') }} as figure
    inner join {{ ref('int_row') }} as placed
        on placed.document_key = figure.document_key
        and placed.part = figure.part
        and placed.statement = figure.statement
        and placed.row_order = figure.row_order
        and placed.item = figure.item
    left join {{ ref('measures') }} as measure
        on measure.statement = figure.statement and measure.measure = figure.measure
),

steps_in_row as (
    select figure_id, row_key, unnest(contained_in) as measure, generate_subscripts(contained_in, 1) as distance
    from cells
),

above_in_row as (
    select step.figure_id, arg_min(cell.figure_id, step.distance) as measure_parent_id
    from steps_in_row as step
    inner join cells as cell on cell.row_key = step.row_key and cell.measure = step.measure
    group by step.figure_id
),

contained as (
    select cells.*, above_in_row.measure_parent_id
    from cells
    left join above_in_row using (figure_id)
),

steps_in_column as (
    select
        contained.figure_id,
        -- a finest row that leaves its total blank stands in the total column with the sum of its parts
        unnest(case
            when contained.measure <> 'total' and contained.is_leaf and contained.measure_parent_id is null
                then [contained.measure, 'total']
            else [contained.measure]
        end) as measure,
        contained.ancestors
    from contained
    where not contained.is_repeated
),

steps_up as (
    select figure_id, measure, unnest(ancestors) as row_key, generate_subscripts(ancestors, 1) as distance
    from steps_in_column
),

above_in_column as (
    select
        step.figure_id,
        arg_min(cell.figure_id, step.distance) filter (where step.measure = contained.measure) as row_parent_id,
        arg_min(cell.figure_id, step.distance) filter (where step.measure <> contained.measure) as total_parent_id
    from steps_up as step
    inner join contained on contained.figure_id = step.figure_id
    inner join cells as cell on cell.row_key = step.row_key and cell.measure = step.measure
    group by step.figure_id
)

select
    contained.figure_id,
    contained.row_key,
    contained.document_key,
    contained.part,
    contained.statement,
    contained.measure,
    contained.amount_yuan,
    contained.is_leaf,
    contained.measure_parent_id,
    above_in_column.row_parent_id,
    above_in_column.total_parent_id,
    contained.is_leaf and contained.figure_id not in (
        select measure_parent_id from contained where measure_parent_id is not null
    ) as is_finest
from contained
left join above_in_column using (figure_id)
order by contained.document_key, contained.part, contained.statement, contained.row_key, contained.measure
