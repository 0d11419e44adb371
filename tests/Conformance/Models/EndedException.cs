namespace Conformance.Models;

/// <summary>An await foreach has come to its end.</summary>
internal sealed class EndedException : Exception;
