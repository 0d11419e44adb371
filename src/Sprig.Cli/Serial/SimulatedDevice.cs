namespace Sprig.Cli.Serial;

/// <summary>What stands for a port where there is no hardware: <c>sim</c>.</summary>
internal enum SimulatedDevice
{
    /// <summary>Says where it is, each second.</summary>
    Gps,

    /// <summary>Gives back what it gets, as a plug with TX wired to RX.</summary>
    Echo,
}
