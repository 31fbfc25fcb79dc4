package link

// WholeNames is the SQL that parts whole names of a table.
const WholeNames = wholeNames
