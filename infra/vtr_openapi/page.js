for (const block of document.querySelectorAll("pre")) {
  if (!navigator.clipboard) break;
  const button = Object.assign(document.createElement("button"), { className: "copy", textContent: "Copy" });
  button.onclick = async () => {
    await navigator.clipboard.writeText(block.querySelector("code").textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  };
  block.append(button);
}
const contents = document.querySelector("nav details");
if (matchMedia("(max-width: 60rem)").matches) contents.open = false;
