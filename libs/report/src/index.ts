export type {
  Capacity,
  CapacityLaw,
  CapacityLevel,
  CapacityMaximum,
  CapacityPlan,
  CapacityWhatIf,
  LittlesLawLevel,
  TargetSign,
} from './capacity/capacity.ts'
export { writeCapacity, type CapacityFiles } from './capacity/write-capacity.ts'
export { renderCapacityTable } from './capacity/capacity-table.ts'
export type { History, HistoryChange, HistoryRun, HistorySeries } from './regression/history.ts'
export { writeHistory } from './regression/write-history.ts'
export type { ComparedMetric, Comparison, ComparisonVerdict } from './regression/comparison.ts'
export { describeComparison } from './regression/comparison-rows.ts'
export { renderComparisonTable } from './regression/comparison-table.ts'
export { writeComparison, type ComparisonFiles } from './regression/write-comparison.ts'
export { parseExport, type ExportContext } from './export/export-kinds.ts'
export { LiveExport, type LiveExportOptions } from './export/live-export.ts'
export type { NumbersExport } from './export/numbers-export.ts'
export { reportErrors } from './errors.ts'
export type { LiveAgentRow, LiveState, LiveToolRow, LiveView, LiveViewOptions } from './live/live-state.ts'
export { createLiveView } from './live/live-view.ts'
export { makeDirectory } from './make-directory.ts'
export type { MachineInfo, RunInfo } from './run-info.ts'
export type {
  AgentInfo,
  Gap,
  Groups,
  GroupSummary,
  KindEvidence,
  LatencySummary,
  Loss,
  RunEventNote,
  Summary,
  ThresholdResult,
  TimelineSecond,
  Verdict,
} from './summary.ts'
export { formatDuration } from './format-number.ts'
export { renderTextTable } from './table/text-table.ts'
export { renderSummaryTable, type SummaryTableOptions } from './table/summary-table.ts'
export { toSummary, type SummaryInput } from './to-summary.ts'
export { writeReport, type ReportFiles } from './write-report.ts'
