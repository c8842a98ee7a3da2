-- The lines only: totals and the units' subtotals are in published_figure.
select
    a.document_key,
    annex.department_key,
    annex.fiscal_year,
    a.row_order,
    a.figure_id,
    coalesce(project.project_key, 'not_applicable') as project_key,
    coalesce(item.procurement_item_key, 'unknown') as procurement_item_key,
    a.group_name,
    a.project_name,
    a.item_name,
    a.catalogue_code,
    a.unit,
    a.quantity,
    a.unit_price_yuan,
    a.amount_yuan,
    a.general_public_yuan,
    a.sme_reserved_yuan,
    a.project_funds_yuan,
    coalesce(figure.proof_status, 'unproven') as proof_status,
    a.page,
    a.locator
{{ current_annex('procurement_line', 'procurement') }}
left join {{ ref('dim_procurement_item') }} as item
    on item.edition = a.catalogue_edition and item.code = a.catalogue_item_code
left join {{ ref('dim_project') }} as project
    on project.department_key = annex.department_key and project.fiscal_year = annex.fiscal_year
    and project.document_key = a.document_key and project.project_number = a.project_number
left join {{ ref('stg_figure') }} as figure on figure.figure_id = a.figure_id
where a.kind = 'line'
order by a.document_key, a.row_order
