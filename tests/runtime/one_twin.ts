/** What an application that uses one twin imports. */

export { Dense } from "../../export/runtime/src/index";
