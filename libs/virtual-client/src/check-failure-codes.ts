/** Under which codes calls fail whose answer came and was right, as far as MCP goes; and functions of the pack. */
export const checkFailureCodes = ['match.failed', 'capture.failed', 'function.failed'] as const
