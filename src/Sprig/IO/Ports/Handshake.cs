namespace Sprig.IO.Ports;

/// <summary>How the two ends of a line stop each other when they can take no more.</summary>
public enum Handshake
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By the characters XOFF (0x13) and XON (0x11), which then can't be data.</summary>
    XOnXOff,

    /// <summary>By the lines RTS and CTS.</summary>
    RequestToSend,

    /// <summary>By both.</summary>
    RequestToSendXOnXOff,
}
