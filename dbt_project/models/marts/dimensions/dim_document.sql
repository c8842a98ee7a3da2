with documents as (
    select
        document_key,
        bool_or(is_current) as has_current_statement
    from {{ ref('statement_status') }}
    group by document_key
)

select
    document.document_key,
    source_file.file_name,
    source_file.source_url,
    source_file.published_on,
    source_file.retrieved_at,
    document.format,
    document.publisher_form,
    document.kind,
    body.scope,
    body.department_key,
    body.parent_department_key,
    body.fiscal_year,
    document.page_count,
    document.sha256,
    document.is_sample,
    coalesce(source_file.is_stale, false) as is_stale,
    case when body.previous_document_key <> document.document_key then body.previous_document_key end
        as supersedes_document_key,
    documents.has_current_statement or body.is_newest as is_current,
    body.in_default_scope
from {{ ref('stg_document') }} as document
inner join {{ ref('int_body') }} as body on body.document_key = document.document_key and body.part = 1
inner join documents on documents.document_key = document.document_key
left join {{ ref('stg_source_file') }} as source_file on source_file.document_key = document.document_key
union all
select
    member, name, null, null, null, null, null, null, null, member, null, null, null, null, false, false, null, false, false
from {{ special_members() }}
order by document_key
