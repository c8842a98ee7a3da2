select
    checked.document_key || '-' || checked.check_number as check_id,
    checked.identity_id,
    checked.document_key,
    body.department_key,
    body.fiscal_year,
    checked.part,
    checked.statement,
    checked.subject,
    checked.measure,
    checked.left_yuan,
    checked.right_yuan,
    checked.difference_yuan,
    checked.status,
    checked.severity,
    checked.says
from {{ ref('stg_identity_check') }} as checked
inner join {{ ref('int_body') }} as body using (document_key, part)
order by checked.document_key, checked.check_number
