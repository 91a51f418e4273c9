"""What the tests of infra share: the template and the zip, as they are packaged for this machine."""

import json
from typing import Any

import pytest
from cunbo.core.content import read
from cunbo.core.locks import folder_lock
from cunbo.core.paths import Paths
from cunbo.deploy.package import LOCAL, Package, package


@pytest.fixture(scope="session")
def packaged() -> Package:
    """The package of the project as it stands."""
    paths = Paths()
    with folder_lock(paths.build, wait=True):
        return package(paths, LOCAL, read(paths.content)[1])


@pytest.fixture(scope="session")
def template(packaged: Package) -> dict[str, Any]:
    """The packaged template."""
    return json.loads(packaged.template.read_text())
