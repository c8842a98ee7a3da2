select
    document_key, sha256, format, reader, publisher_form, kind, coalesce(scope, 'department') as scope, fiscal_year,
    department_name, department_code, page_count, is_complete, coalesce(is_sample, false) as is_sample
from {{ source('extracted', 'document') }}
order by document_key
