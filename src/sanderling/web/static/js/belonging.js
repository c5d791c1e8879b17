/* Which incident a case is part of: suggested, chosen from a dialog, taken out again. */
import { $, act, afterAct, calmly, complain, element, morph, notice, onKey, part } from "./page.js";
import { undoable } from "./undoing.js";
import { say } from "./words.js";

const UNDO = 8; // seconds

/** What to do after such an act: `changed()` fetches the case and the list again. */
export function onBelonging(changed, openCase) {
  const left = (answer) => {
    notice(answer.says);
    changed();
  };
  const joined = ({ case: number, says }) => {
    undoable(says, say("Nothing was sent."), UNDO, () => act(`/case/${number}/incident/leave/`, {}).then(left).catch(complain));
    changed();
  };
  afterAct("belong", joined);
  afterAct("leave", left);

  const sheet = $("#belong");
  async function choose() {
    sheet.replaceChildren(element(await part(`/case/${openCase()}/incident/`)));
    sheet.showModal();
    $("input", sheet).focus();
  }
  const find = calmly(async () => {
    const there = element(await part(`/case/${openCase()}/incident/?${new URLSearchParams({ find: $("input", sheet).value })}`));
    morph($("#belong-list", sheet), $("#belong-list", there));
  }, 300);

  sheet.addEventListener("input", find);
  sheet.addEventListener("submit", (event) => event.target.matches("[role=search]") && event.preventDefault());
  addEventListener("click", (event) => {
    const add = event.target.closest("[data-put]");
    if (add) {
      event.preventDefault();
      act(`/case/${add.dataset.case}/incident/put/`, { incident: add.dataset.put }).then(joined).catch(complain);
    }
    if (!event.target.closest("[data-belong]") || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    event.target.closest("[popover]:popover-open")?.hidePopover();
    choose().catch(complain);
  });
  onKey("l", () => (openCase() ? void choose().catch(complain) : false));
}
