-- The rows of the statements that have a hierarchy (T2, T3, T5-T9): which printed rows stand above each, and which are the finest.
-- Rows outside every sum are left out: numbers without a label, the row of a body among those of subjects.
with printed_rows as (
    select
        figure.document_key || '-' || figure.part || '-' || figure.statement || '-' || figure.row_order || '-' || figure.item
            as row_key,
        figure.document_key,
        figure.part,
        figure.statement,
        figure.row_order,
        figure.item,
        min(figure.row_label) as row_label,
        -- a row without a code that is not the total stands under the total, as itself
        coalesce(
            case when statement.tree <> 'item' and figure.item <> 'total' then min(figure.subject_code) end, figure.item
        ) as node,
        case
            when statement.tree = 'item' and min(three_public_item.item) is null then ['total']  -- a line that no form knows
            when statement.tree = 'item' then string_split(min(three_public_item.contained_in), ' ')
            when figure.item = 'total' then []
            else list_transform(
                list_filter([7, 5, 3], lambda digits : digits < length(min(figure.subject_code))),
                lambda digits : left(min(figure.subject_code), digits)
            ) || ['total']
        end as contained_in
    from {{ ref('stg_figure') }} as figure
    inner join {{ ref('statements') }} as statement
        on statement.statement = figure.statement and statement.tree is not null
    left join {{ ref('three_public_items') }} as three_public_item
        on statement.tree = 'item' and three_public_item.item = figure.item
    where not starts_with(figure.item, 'outside_')
    group by figure.document_key, figure.part, figure.statement, figure.row_order, figure.item, statement.tree
),

-- where a code is printed twice, its children hang on the first of the two
nodes as (
    select document_key, part, statement, node, arg_min(row_key, row_order) as row_key
    from printed_rows
    group by document_key, part, statement, node
),

steps as (
    select
        row_key, document_key, part, statement, unnest(contained_in) as node,
        generate_subscripts(contained_in, 1) as distance
    from printed_rows
),

ancestors as (
    select steps.row_key, list(nodes.row_key order by steps.distance) as ancestors
    from steps
    inner join nodes using (document_key, part, statement, node)
    group by steps.row_key
),

parents as (
    select distinct ancestors[1] as row_key from ancestors
),

placed as (
    select
        printed_rows.*,
        coalesce(ancestors.ancestors, []) as ancestors,
        nodes.row_key as node_row_key,
        parents.row_key is not null as node_has_children
    from printed_rows
    inner join nodes using (document_key, part, statement, node)
    left join parents on parents.row_key = nodes.row_key
    left join ancestors on ancestors.row_key = printed_rows.row_key
)

select
    row_key,
    document_key,
    part,
    statement,
    row_order,
    item,
    row_label,
    ancestors,
    not node_has_children and (item <> 'total' or row_key = node_row_key) as is_leaf,
    (node_has_children or item = 'total') and row_key <> node_row_key as is_repeated
from placed
order by document_key, part, statement, row_order, item
