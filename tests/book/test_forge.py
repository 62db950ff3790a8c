"""Which remotes are public pages: the others must leave no link behind."""

import pytest
from coursebook.forge import web_page

PAGE = "https://github.com/course/optimizers"


@pytest.mark.parametrize(
    "remote, page",
    [
        (PAGE, PAGE),
        (f"{PAGE}.git", PAGE),
        (f"{PAGE}/", PAGE),
        ("https://someone:token@github.com/course/optimizers.git", PAGE),
        ("git@github.com:course/optimizers.git", PAGE),
        ("ssh://git@github.com/course/optimizers.git", PAGE),
        ("ssh://git@github.com:22/course/optimizers.git", PAGE),
        ("https://gitlab.com/group/sub/book.git", "https://gitlab.com/group/sub/book"),
        ("git@gitlab.school.edu:teachers/book.git", "https://gitlab.school.edu/teachers/book"),
        ("https://gitlab.school.edu:8443/a/book", "https://gitlab.school.edu:8443/a/book"),
    ],
)
def test_public(remote, page):
    assert web_page(remote) == page


@pytest.mark.parametrize(
    "remote",
    [
        "",
        "/srv/git/github.com/course/optimizers.git",
        "../optimizers",
        "github.com/course/optimizers",
        "file:///srv/github.com/course/optimizers",
        "http://github.com/course/optimizers",
        "https://github.com/optimizers",
        "https://localhost/course/optimizers",
        "https://gitlab.localhost/course/optimizers",
        "https://gitlab.local/course/optimizers",
        "https://gitlab.example/course/optimizers",
        "https://gitlab.example.com/course/optimizers",
        "https://github.internal/course/optimizers",
        "git@gitlab.lan:course/optimizers.git",
        "https://192.168.0.7/course/optimizers",
        "git@10.0.0.1:gitlab.com/course/optimizers",
        "https://notgithub.com/course/optimizers",
        "https://forge.school.edu/course/optimizers",
        "C:\\books\\github.com\\optimizers",
    ],
)
def test_private(remote):
    assert web_page(remote) is None
