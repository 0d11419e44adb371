using System.Text.Json.Serialization;

namespace Sprig.Supervision;

/// <summary>Before each input: which entry it is for, and how long the result may be.</summary>
internal sealed record WorkerRequest(string Entry, int MaxResultBytes);

/// <summary>Before each result: what was thrown instead, if something was.</summary>
internal sealed record WorkerReply(WorkerError? Error);

/// <summary>An exception on its way from a worker.</summary>
internal sealed record WorkerError(string Type, string Message, string Stack)
{
    /// <summary>In characters: a reply has an end.</summary>
    private const int Longest = 64 * 1024;

    internal static WorkerError Of(Exception exception)
        => new(exception.GetType().FullName ?? exception.GetType().Name, Cut(exception.Message), Cut(exception.ToString()));

    private static string Cut(string text) => text.Length <= Longest ? text : text[..Longest];
}

/// <summary>How they stand in JSON.</summary>
[JsonSerializable(typeof(WorkerRequest))]
[JsonSerializable(typeof(WorkerReply))]
internal sealed partial class WorkerJson : JsonSerializerContext;
