select
    a.document_key,
    annex.department_key,
    annex.fiscal_year,
    a.row_order,
    a.unit_name,
    a.unit_count,
    a.nature,
    a.rank,
    a.funding,
    a.page,
    a.locator
{{ current_annex('organisation_unit', 'organisation') }}
order by a.document_key, a.row_order
