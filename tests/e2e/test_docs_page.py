"""The API's description as people see it: served by the stack, in a real browser."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from support.stack import LocalStack

pytestmark = pytest.mark.e2e

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OFFLINE = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install the package chromium to see the page")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OFFLINE)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, real_stack: LocalStack) -> Iterator[Page]:
    """The page as a desk shows it; whatever the browser complains about fails the test."""
    complaints: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 900})

    def heard(message: ConsoleMessage) -> None:
        # What is no page, as the description in JSON, names no icon, and the browser asks for one.
        if not message.location["url"].endswith("/favicon.ico"):
            complaints.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.goto(f"{real_stack.url}/v1/docs")
    yield page
    page.close()
    assert complaints == []


def test_every_link_of_the_contents_leads_to_its_heading(page: Page) -> None:
    links = page.locator("nav a").all()
    assert len(links) > 15
    for link in links:
        target = link.get_attribute("href") or ""
        assert page.locator(f"[id='{target.removeprefix('#')}']").is_visible(), target


def test_a_click_in_the_contents_brings_the_operation_into_view(page: Page) -> None:
    page.get_by_role("link", name="Read the rate", exact=True).click()
    expect(page.get_by_role("heading", name="Read the rate", exact=True)).to_be_in_viewport()


def test_an_example_can_be_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    example = page.locator("pre").first
    example.get_by_role("button", name="Copy").click()
    example.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == example.locator("code").inner_text()


def test_the_description_for_programs_is_one_click_away(page: Page) -> None:
    page.get_by_role("link", name="openapi.json").first.click()
    page.wait_for_url("**/v1/openapi.json")


def test_on_a_telephone_nothing_is_wider_than_the_screen(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    contents = page.locator("nav details")
    assert contents.get_attribute("open") is None
    contents.locator("summary").click()
    assert contents.get_by_role("link", name="Read the rate", exact=True).is_visible()


def test_it_reads_without_its_script(browser: Browser, real_stack: LocalStack) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{real_stack.url}/v1/docs")
        assert page.get_by_role("heading", name="Errors", exact=True).first.is_visible()
