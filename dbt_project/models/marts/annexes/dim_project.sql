-- One key for each project of a body and year, whatever its documents print: a name that one document has for several projects is
-- numbered, and of two publications the newer one stands.
with named as (
    select
        body.body_key || '-' || annex.fiscal_year || '-' || a.project_name
        || case when row_number() over same_name > 1 then '-' || row_number() over same_name else '' end
            as project_key,
        annex.department_key,
        annex.fiscal_year,
        a.document_key,
        a.project_number,
        a.project_name,
        body.publication_number
    from {{ source('extracted', 'project') }} as a
    -- a project stands in the prose, in a performance table or in the procurement table: the document decides, not one annex
    inner join {{ ref('dim_document') }} as document using (document_key)
    inner join {{ ref('int_body') }} as body on body.document_key = a.document_key and body.part = a.part
    inner join {{ ref('statement_status') }} as annex
        on annex.document_key = a.document_key and annex.part = a.part and annex.statement = 'claim'
    where document.is_current and document.in_default_scope and document.kind = 'budget'
    window same_name as (partition by a.document_key, a.part, a.project_name order by a.project_number)
)

select project_key, department_key, fiscal_year, document_key, project_number, project_name
from named
qualify row_number() over (partition by project_key order by publication_number desc, document_key, project_number) = 1
union all
select member, member, null, member, null, name
from {{ special_members() }}
order by project_key
