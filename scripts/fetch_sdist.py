#!/usr/bin/env python3
"""fetch_sdist.py PROJECT VERSION FOLDER: download and unpack a source archive.

Takes it from the package index that pip is configured for, so that a mirror
works, checks its digest and builds nothing. Prints the unpacked folder.
"""

import hashlib
import html.parser
import json
import pathlib
import re
import subprocess
import sys
import tarfile
import urllib.parse
import urllib.request

JSON_PAGE = "application/vnd.pypi.simple.v1+json"


def index_url():
    """The index that pip would ask; pip itself may be absent."""
    listing = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True
    ).stdout
    urls = re.findall(r"^(\S+)\.index-url='(.*)'$", listing, re.MULTILINE)
    # What the environment says goes before what a file says.
    urls.sort(key=lambda found: found[0] != ":env:")
    return (urls[0][1] if urls else "https://pypi.org/simple").rstrip("/")


class Anchors(html.parser.HTMLParser):
    """Collects the links of an index page in HTML."""

    def __init__(self):
        super().__init__()
        self.links = []

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")


def get(url, accept="*/*"):
    """The body and content type of a page; a user and password in the URL are sent."""
    parts = urllib.parse.urlsplit(url)
    passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
    if parts.username:
        host = parts.netloc.rsplit("@", 1)[1]
        url = urllib.parse.urlunsplit(parts._replace(netloc=host))
        user, password = map(urllib.parse.unquote, (parts.username, parts.password or ""))
        passwords.add_password(None, url, user, password, is_authenticated=True)
    opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords))
    request = urllib.request.Request(url, headers={"Accept": accept})
    with opener.open(request, timeout=120) as response:
        return response.read(), response.headers.get_content_type()


def archives(project):
    """Pairs of URL and expected SHA-256 (or none) of the project's files."""
    page = f"{index_url()}/{project.lower()}/"
    body, kind = get(page, f"{JSON_PAGE}, text/html;q=0.5")
    if kind == JSON_PAGE:
        for file in json.loads(body)["files"]:
            yield urllib.parse.urljoin(page, file["url"]), file["hashes"].get("sha256")
        return
    anchors = Anchors()
    anchors.feed(body.decode())
    for link in anchors.links:
        url, _, fragment = urllib.parse.urljoin(page, link).partition("#")
        yield url, fragment.partition("sha256=")[2] or None


def main():
    project, version, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    wanted = f"{project}-{version}.tar.gz".lower()
    unpacked = folder / f"{project}-{version}"
    if not unpacked.is_dir():
        for url, digest in archives(project):
            if url.rsplit("/", 1)[-1].lower() == wanted:
                break
        else:
            sys.exit(f"the package index has no {wanted}")
        body, _ = get(url)
        if digest and hashlib.sha256(body).hexdigest() != digest:
            sys.exit(f"{wanted} arrived damaged: its SHA-256 is not {digest}")
        folder.mkdir(parents=True, exist_ok=True)
        archive = folder / wanted
        archive.write_bytes(body)
        with tarfile.open(archive) as tar:
            top = tar.getnames()[0].split("/", 1)[0]
            if hasattr(tarfile, "data_filter"):
                tar.extractall(folder, filter="data")
            else:
                tar.extractall(folder)
        if top != unpacked.name:
            (folder / top).rename(unpacked)
    print(unpacked)


if __name__ == "__main__":
    main()
