-- What the prose states. It belongs to the whole explanation, which is published again with every document.
select
    a.document_key || '-' || a.claim_number as claim_key,
    a.document_key,
    annex.department_key,
    annex.fiscal_year,
    a.claim_number,
    a.figure_id,
    a.section,
    a.subject,
    a.label as subject_as_printed,
    a.measure,
    a.direction,
    a.value,
    a.unit,
    a.amount_yuan,
    a.text_as_printed,
    a.compared_year,
    a.compared_basis,
    a.reason,
    a.status,
    a.compared_figure_id,
    a.compared_yuan,
    a.identity_ids,
    a.sentence,
    a.page,
    a.locator
{{ current_annex('claim', 'claim') }}
order by a.document_key, a.claim_number
