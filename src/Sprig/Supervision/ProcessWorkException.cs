namespace Sprig.Supervision;

/// <summary>The work has thrown an exception in its worker process, which goes on.</summary>
public sealed class ProcessWorkException : ProcessPoolException
{
    internal ProcessWorkException(string entry, WorkerError error)
        : base(entry, $"'{entry}' failed in its worker process: {error.Type}: {error.Message}")
    {
        RemoteType = error.Type;
        RemoteMessage = error.Message;
        RemoteStackTrace = error.Stack;
    }

    /// <summary>The full name of the exception's type.</summary>
    public string RemoteType { get; }

    /// <summary>Its message.</summary>
    public string RemoteMessage { get; }

    /// <summary>Where it was thrown, and what was inside it: its text as the worker would have printed it.</summary>
    public string RemoteStackTrace { get; }

    /// <summary>With the remote exception's text.</summary>
    public override string ToString() => $"{base.ToString()}{Environment.NewLine}--- In the worker process: {RemoteStackTrace}";
}
