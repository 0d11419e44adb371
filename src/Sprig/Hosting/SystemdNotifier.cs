namespace Sprig.Hosting;

/// <summary>What a program tells systemd (or whoever speaks its protocol: NOTIFY_SOCKET is set). <see cref="CoroutineProgram"/> tells the rest by
/// itself: that it is ready when main first waits, that it is alive, that it stops. Where no manager listens these do nothing.</summary>
/// <remarks>Any thread. Nothing waits: what finds the manager's queue full is sent soon after.</remarks>
public static class SystemdNotifier
{
    /// <summary>Whether a manager is told.</summary>
    public static bool IsActive => ServiceRun.Current is { HasManager: true };

    /// <summary>Main's first wait does not mean that the program is ready: <see cref="Ready"/> will tell. Called before that wait.</summary>
    /// <exception cref="InvalidOperationException">It was told already.</exception>
    public static void HoldReady() => ServiceRun.Current?.HoldReady();

    /// <summary>Tells that the program serves: what is to start after it is started now. Once is enough.</summary>
    public static void Ready() => ServiceRun.Current?.TellReady();

    /// <summary>What the program does, for <c>systemctl status</c>: one line, no more often than people read it.</summary>
    public static void SetStatus(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ServiceRun.Current?.SetStatus(text);
    }
}
