namespace Sprig.Devices;

/// <summary>What a <see cref="Decoder"/> ends when it ends.</summary>
internal interface IEventSource
{
    /// <summary>Nothing more will come: streams end, or throw the error, and so do waits.</summary>
    /// <returns>Whether somebody waits for it, and so is told.</returns>
    bool End(Exception? error);
}
