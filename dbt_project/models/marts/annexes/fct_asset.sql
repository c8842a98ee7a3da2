select
    a.document_key,
    annex.department_key,
    annex.fiscal_year,
    a.row_order,
    a.figure_id,
    a.asset_item,
    a.label as row_label,
    a.quantity,
    a.value_yuan,
    a.as_of_date,
    coalesce(figure.proof_status, 'unproven') as proof_status,
    a.page,
    a.locator
{{ current_annex('asset_line', 'asset') }}
left join {{ ref('stg_figure') }} as figure on figure.figure_id = a.figure_id
order by a.document_key, a.row_order
