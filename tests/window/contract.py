"""The API's contract (api/openapi.yaml): which operation a request is, and whether a reply is one that
it promises."""

import pathlib
import re

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BASE = '/api/v1'
# What HTTP itself refuses: too long, too large, not to be read.
BEFORE_THE_API = (400, 408, 413, 414, 431, 501, 505)


class Broken(AssertionError):
    """A reply that the contract does not know."""


class Contract:
    def __init__(self, path=ROOT / 'api/openapi.yaml'):
        self.document = yaml.safe_load(path.read_text())
        self.operations = []
        for template, item in self.document['paths'].items():
            shared = item.get('parameters', [])
            pattern = re.compile(re.sub(r'\{\w+\}', '[^/]+', template) + '$')
            for method in ('get', 'post', 'put', 'patch', 'delete'):
                if method in item:
                    operation = self.whole(item[method])
                    operation['parameters'] = (self.whole(shared) +
                                               operation.get('parameters', []))
                    self.operations.append((method.upper(), template, pattern, operation))

    def whole(self, part):
        """With what its references stand for in their place; none leads back to itself."""
        if isinstance(part, dict):
            if '$ref' in part:
                found = self.document
                for name in part['$ref'].removeprefix('#/').split('/'):
                    found = found[name]
                return self.whole(found)
            return {name: self.whole(value) for name, value in part.items()}
        if isinstance(part, list):
            return [self.whole(one) for one in part]
        return part

    def operation(self, method, path):
        for known, template, pattern, operation in self.operations:
            if known == method and pattern.match(path):
                return template, operation
        return None, None

    def check(self, method, path, status, content_type, read_json):
        """Raises Broken when the reply to that request is none that is promised. `read_json` gives
        the body, when there is reason to look at it."""
        _, operation = self.operation(method, path)
        if operation is None:
            if status not in (404, 405):
                raise Broken(f'{method} {path} is not in the contract and got {status}')
            return
        if status in BEFORE_THE_API and content_type.startswith('text/plain'):
            return
        responses = operation['responses']
        promised = responses.get(str(status)) or responses.get('default')
        if promised is None:
            raise Broken(f'{method} {path}: {status} is not promised')
        content = promised.get('content')
        if not content:
            return
        kind = content_type.split(';')[0]
        if kind not in content:
            # Whatever else is promised, an error may be told as a problem.
            if status >= 400 and kind == 'application/problem+json':
                return
            raise Broken(f'{method} {path}: {status} with {kind}, not {", ".join(content)}')
        if 'json' in kind:
            errors = sorted(jsonschema.Draft202012Validator(content[kind]['schema']).iter_errors(
                read_json()), key=str)
            if errors:
                where = '/'.join(str(step) for step in errors[0].absolute_path)
                raise Broken(f'{method} {path}: {status}, at /{where}: {errors[0].message[:300]}')
