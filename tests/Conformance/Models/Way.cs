namespace Conformance.Models;

/// <summary>How a wait is limited.</summary>
internal enum Way
{
    /// <summary>Not at all: it ends when what is waited for has come, or by a kill.</summary>
    Plain,

    /// <summary>By the timeout overload; by a deadline where there is none.</summary>
    Timeout,

    /// <summary>By a deadline around it.</summary>
    Deadline,

    /// <summary>By a token that another actor may cancel.</summary>
    Token,
}
