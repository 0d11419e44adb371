namespace Sprig.IO.Ports;

/// <summary>How the driver switches the sender of an RS-485 line by RTS: it does so to the bit, which no program can.</summary>
public sealed record Rs485Settings
{
    /// <summary>False turns it off, where the driver had it on.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>RTS is up while sending; false for a transceiver that sends when it is down.</summary>
    public bool RtsOnSend { get; init; } = true;

    /// <summary>RTS is up after sending.</summary>
    public bool RtsAfterSend { get; init; }

    /// <summary>From the switch to the first bit, in whole milliseconds.</summary>
    public TimeSpan DelayBeforeSend { get; init; }

    /// <summary>From the last bit to the switch, in whole milliseconds.</summary>
    public TimeSpan DelayAfterSend { get; init; }

    /// <summary>What is sent is received too.</summary>
    public bool ReceivesWhileSending { get; init; }

    /// <summary>The line is terminated here, where the hardware has a switch for that.</summary>
    public bool Terminated { get; init; }
}
