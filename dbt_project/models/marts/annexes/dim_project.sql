select
    annex.department_key || '-' || annex.fiscal_year || '-' || a.project_name as project_key,
    annex.department_key,
    annex.fiscal_year,
    a.document_key,
    a.project_number,
    a.project_name
from {{ source('extracted', 'project') }} as a
-- a project stands in the prose, in a performance table or in the procurement table: the document decides, not one annex
inner join {{ ref('dim_document') }} as document using (document_key)
inner join {{ ref('statement_status') }} as annex
    on annex.document_key = a.document_key and annex.part = a.part and annex.statement = 'claim'
where document.is_current and document.in_default_scope and document.kind = 'budget'
union all
select member, member, null, member, null, name
from {{ special_members() }}
order by project_key
