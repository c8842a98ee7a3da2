select
    document_key, part, department_key, department_name, department_type, department_code, region_code,
    parent_department_key
from {{ source('extracted', 'department') }}
order by document_key, part
